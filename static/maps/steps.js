// Where a button of the page leads: each name of data-go with what is opened, put away or begun.
export function stepsOf({ sheet, draw, find, waiting, dropShape, choose, first }) {
  const steps = {
    back() {
      draw.stop();
      sheet.open(first());
    },
    again() {
      dropShape();
      choose(null);
      sheet.open(first());
    },
    unshape: dropShape,
    undraw() {
      dropShape();
      steps.back();
    },
    waiting: () => waiting.open(),
    find() {
      sheet.open("find");
      find.input.value = "";
      find.show();
      find.input.focus();
    },
    draw() {
      dropShape();
      draw.start();
      sheet.open("draw");
    },
  };
  return steps;
}
