// Keys for the moderation queue: J and K walk, a letter presses the button that shows it, E edits the words.
const cards = [...document.querySelectorAll(".queue-card")];
const help = document.querySelector(".key-help");
let at = -1;

function select(index) {
  if (!cards.length) return;
  cards[at]?.classList.remove("current");
  at = Math.max(0, Math.min(cards.length - 1, index));
  cards[at].classList.add("current");
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
}

// A verb that needs a reason goes to its field first, then presses.
function press(button) {
  const reason = button.form.elements.namedItem("reason");
  if ("needsReason" in button.dataset && !reason.value.trim()) {
    reason.focus();
    button.form.dataset.next = button.value;
    return;
  }
  button.click();
}

function isTyping(target) {
  return target.matches("textarea, input:not([type=hidden]), select");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (isTyping(event.target)) {
    if (key === "escape") select(at);
    return;
  }
  if (key === "j") select(at + 1);
  else if (key === "k") select(at - 1);
  else if (key === "e") cards[at]?.elements.namedItem("words").focus();
  else if (key === "u") document.querySelector(".undo button")?.click();
  else {
    const button = cards[at]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    press(button);
  }
  event.preventDefault();
}

// Enter in the reason's field presses the verb that asked for it, never the first button.
for (const card of cards) {
  card.elements.namedItem("reason").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const next = card.querySelector(`[value="${CSS.escape(card.dataset.next ?? "")}"]`);
    if (next && event.target.value.trim()) next.click();
  });
  card.addEventListener("focusin", () => { at = cards.indexOf(card); });
}
document.addEventListener("keydown", onKey);
help.hidden = !cards.length;
select(Math.max(0, cards.findIndex((card) => card.querySelector(".error"))));
document.body.dataset.ready = "1";
