// How light the page is behind an element: for the badge's theme, and to notice text in the colour of its ground.
import { upwards } from './dom.ts';

/** Red, green, blue and alpha, each 0 to 1; null for a colour that is written in another way. */
function parse(color: string): [number, number, number, number] | null {
  const isRgb = color.startsWith('rgb(') || color.startsWith('rgba(');
  const parts = isRgb
    ? color
        .slice(color.indexOf('(') + 1, -1)
        .split(', ')
        .map(Number)
    : [];
  const [r = Number.NaN, g = Number.NaN, b = Number.NaN, alpha = 1] = parts;
  return Number.isNaN(r + g + b + alpha) ? null : [r / 255, g / 255, b / 255, alpha];
}

/** Alpha of a computed colour; 1 for one that cannot be read. */
export function alphaOf(color: string): number {
  return parse(color)?.[3] ?? 1;
}

/** Relative luminance as WCAG 2 defines it; null for a colour that cannot be read. */
function luminance(color: string): number | null {
  const parsed = parse(color);
  if (!parsed) return null;
  const [r, g, b] = parsed.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

/** Luminance of the first solid ground behind an element; null when a picture or an unknown colour is in the way. */
function ground(element: Element): number | null {
  for (const each of upwards(element)) {
    const { backgroundColor, backgroundImage } = getComputedStyle(each);
    if (backgroundImage !== 'none') return null;
    if (alphaOf(backgroundColor) > 0.5) return luminance(backgroundColor);
  }
  return getComputedStyle(element).colorScheme.includes('dark') ? 0 : 1;
}

/** Contrast of a colour with what lies behind; 21 when that cannot be said. */
export function contrast(ink: string, element: Element): number {
  const [front, back] = [luminance(ink), ground(element)];
  if (front === null || back === null) return 21;
  return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
}

/** Whether the page is dark there: by its ground, else by its text. */
export function isDark(element: Element): boolean {
  const back = ground(element);
  return back === null ? (luminance(getComputedStyle(element).color) ?? 0) > 0.4 : back < 0.3;
}
