// The receipt after submitting: code, QR and where the mark went.
export function showThanks(made, config) {
  const code = made.receipt_code;
  document.getElementById("receipt").textContent = code;
  document.getElementById("receipt-qr").src = config.urls.qr.replace("CODE", encodeURIComponent(code));
  document.getElementById("thanks-why").textContent = made.case.explanation;
  document.getElementById("thanks-open").href = config.urls.mark.replace("CODE", encodeURIComponent(made.properties.code));
}
