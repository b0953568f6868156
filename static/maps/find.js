// Search among the neighborhood's own names; choosing one brings it under the pin.
import { say } from "./sheet.js";

export class Find {
  constructor(gazetteer, words, onChoose) {
    Object.assign(this, { gazetteer, words, onChoose });
    this.input = document.getElementById("find-words");
    this.list = document.getElementById("find-list");
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.list.querySelector("button")?.click();
      }
    });
  }

  show() {
    const found = this.gazetteer.search(this.input.value);
    this.list.replaceChildren(...found.map((place) => this.row(place)));
    this.list.hidden = !found.length;
    say("find-none", found.length ? "" : this.words.noPlace);
  }

  row(place) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.name;
    button.addEventListener("click", () => this.onChoose(place));
    row.append(button);
    return row;
  }
}
