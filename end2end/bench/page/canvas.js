// What is drawn counts when its pixels are there, not when somebody promised them.

const pixel = new OffscreenCanvas(1, 1).getContext("2d", { alpha: false, willReadFrequently: true });

/** Waits until everything that was drawn on a canvas is drawn: a pixel of it cannot be read before. */
export function settle(canvas) {
  pixel.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  pixel.getImageData(0, 0, 1, 1);
}

/** Puts a picture on a canvas of its size without copying it, as our viewer does. */
export function show(canvas, bitmap) {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
  settle(canvas);
}

/** A small gray picture of what stands on a canvas: who drew nothing is found out. */
export function thumbnail(canvas, side = 32) {
  const small = new OffscreenCanvas(side, side);
  const context = small.getContext("2d", { alpha: false });
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  return Array.from({ length: side * side }, (_, n) => Math.round((data[4 * n] + data[4 * n + 1] + data[4 * n + 2]) / 3));
}
