// Brings one section or field of a page into view, and the keyboard with it: for addresses that lead there.

const FIELDS = 'input, select, button';

/** `place` is a field's name or a part; without one of that name nothing moves. */
export function showPlace(within: ParentNode | null, place: string): void {
  const name = CSS.escape(place);
  const found = within?.querySelector<HTMLElement>(`[data-part="${name}"], [name="${name}"]`);
  if (!found) return;
  const isField = found.matches(FIELDS);
  (isField ? (found.closest('section') ?? found) : found).scrollIntoView({ block: 'start' });
  (isField ? found : found.querySelector<HTMLElement>(FIELDS))?.focus({ preventScroll: true });
}
