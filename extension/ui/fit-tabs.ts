// Which tabs are drawn: whole ones only, the active one always; the rest stands in the menu.

/**
 * Ids in the order they are drawn, for a row of `room` px in which a menu of `menu` px has to stand when not all fit.
 * `widths` in px, in the tabs' order. An active tab that does not fit takes the last place.
 */
export function fitTabs(
  tabs: readonly { id: string; width: number }[],
  active: string,
  room: number,
  menu: number,
): string[] {
  const total = tabs.reduce((sum, { width }) => sum + width, 0);
  if (total <= room) return tabs.map(({ id }) => id);
  const left = room - menu;
  let used = 0;
  const drawn: { id: string; width: number }[] = [];
  for (const tab of tabs) {
    if (used + tab.width > left) break;
    drawn.push(tab);
    used += tab.width;
  }
  const current = tabs.find(({ id }) => id === active);
  if (current && !drawn.includes(current)) {
    while (drawn.length > 0 && used + current.width > left) used -= drawn.pop()?.width ?? 0;
    drawn.push(current);
  }
  return drawn.map(({ id }) => id);
}
