// Many marks as one sign: a ring split by kind round their number.
const COLOUR = { like: "#0a7672", dislike: "#c0400f", improve: "#f0b429" };

export function cellRadius(cell) {
  return Math.min(26, 12 + Math.sqrt(cell.total) * 1.1);
}

export function drawCell(ctx, cell, x, y) {
  const radius = cellRadius(cell);
  ctx.beginPath();
  ctx.arc(x, y, radius + 2, 0, 7);
  ctx.fillStyle = "#fff";
  ctx.shadowColor = "rgb(32 48 47 / .35)";
  ctx.shadowBlur = 5;
  ctx.shadowOffsetY = 1;
  ctx.fill();
  ctx.shadowColor = "transparent";
  let from = -Math.PI / 2;
  for (const [kind, colour] of Object.entries(COLOUR)) {
    const to = from + (cell[kind] / cell.total) * 2 * Math.PI;
    if (cell[kind]) {
      ctx.beginPath();
      ctx.arc(x, y, radius - 2, from, to);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 4.5;
      ctx.stroke();
    }
    from = to;
  }
  ctx.fillStyle = "#20302f";
  ctx.font = `600 ${radius > 17 ? 13 : 11.5}px sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(String(cell.total), x, y + 0.5);
}
