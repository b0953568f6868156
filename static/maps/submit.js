// Pressing 提交意见: says beside its field what is missing, hands over once, keeps what was typed until then.
import { fill, say } from "./sheet.js";

const FIELDS = ["geometry", "chips", "reason", "other"];
const HOME = { geometry: "geometry", chips: "chips", topic: "chips", kind: "chips", reason: "reason" };

export function submitForm({ config, limits, reasons, outbox, entry, near, feature, onMade, onWaiting }) {
  const form = document.getElementById("step-reason");
  const text = document.getElementById("reason");
  const button = document.getElementById("submit");
  const { words } = config;

  function tell(messages) {
    for (const field of FIELDS) say(`error-${field}`, messages[field]);
    text.toggleAttribute("aria-invalid", Boolean(messages.reason));
    const first = FIELDS.find((field) => messages[field]);
    if (first === "reason") text.focus();
    else if (first === "chips") document.querySelector("#chips input")?.focus();
    if (first) document.getElementById(`error-${first}`).scrollIntoView({ block: "nearest" });
    return !first;
  }

  // What can be said without asking the server; it judges again.
  function missing() {
    const letters = [...text.value].filter((sign) => /[\p{L}\p{N}]/u.test(sign)).length;
    if (!reasons.needsWords && !text.value.trim()) return {};
    if (!reasons.chosen.length && !text.value.trim()) return { chips: words.choose };
    return letters < limits.reason ? { reason: fill(words.moreWords, { n: limits.reason }) } : {};
  }

  function messagesOf(problem) {
    const found = {};
    for (const [name, { message }] of Object.entries(problem.errors ?? {})) found[HOME[name] ?? "other"] = message;
    return Object.keys(found).length ? found : { other: problem.detail ?? problem.title };
  }

  function busy(isBusy) {
    button.disabled = isBusy;
    button.textContent = isBusy ? words.sending : words.submit;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled || !tell(missing())) return;
    busy(true);
    if (await near.offer(feature())) {
      busy(false);
      return;
    }
    const answer = await outbox.submit(entry());
    busy(false);
    if (answer.made) onMade(answer.made);
    else if (answer.problem) tell(messagesOf(answer.problem));
    else onWaiting();
  });

  // Say beside the fields why a mark was refused.
  return (problem) => tell(messagesOf(problem));
}
