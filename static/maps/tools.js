// The buttons beside the map: search, locate, draw, everybody's marks, zoom; and the short message below.
import { beyond } from "./boundary.js";

const SECONDS = 6;

export class Tools {
  constructor(parts) {
    Object.assign(this, parts);
    this.line = document.getElementById("toast");
    for (const button of document.querySelectorAll("[data-tool]")) {
      button.addEventListener("click", () => this.press(button));
    }
  }

  press(button) {
    switch (button.dataset.tool) {
      case "in": this.map.zoomIn(); break;
      case "out": this.map.zoomOut(); break;
      case "locate": this.locate(); break;
      case "crowd": this.toggle(button); break;
      default: this.go(button.dataset.tool);
    }
  }

  toggle(button) {
    const isShown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isShown));
    this.crowd.setShown(isShown);
  }

  locate() {
    const { words, boundary, tolerance } = this.config;
    if (!navigator.geolocation) {
      this.toast(words.notLocated);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords: { longitude: lon, latitude: lat } }) => {
        if (beyond(boundary, [lon, lat]) > tolerance) {
          this.toast(words.away);
          return;
        }
        this.onLocated({ lon, lat });
        this.toast(words.located);
      },
      () => this.toast(words.notLocated),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  }

  toast(text) {
    this.line.textContent = text;
    this.line.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.line.hidden = true; }, SECONDS * 1000);
  }
}
