// The card of somebody's mark; its words are set as text, never as markup.
export function showPeek(item, config) {
  const set = (id, text) => { document.getElementById(id).textContent = text ?? ""; };
  document.getElementById("step-peek").dataset.kind = item.kind;
  set("peek-place", item.place || config.words.here);
  set("peek-facts", new Date(item.occurred_at).toLocaleDateString(document.documentElement.lang, {
    month: "long", day: "numeric", timeZone: "Asia/Shanghai",
  }));
  set("peek-words", item.reason);
  set("peek-topic", item.topic_label);
  set("peek-state", config.states[item.case_state]);
  document.getElementById("peek-open").href = config.urls.mark.replace("CODE", encodeURIComponent(item.code));
}
