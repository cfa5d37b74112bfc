// Icons of banners, dialogs and tasks, as path data on a grid of 16.

export const alert =
  'M7.1 2.9 1.9 11.7a1 1 0 0 0 .9 1.55h10.4a1 1 0 0 0 .9-1.55L8.9 2.9a1.05 1.05 0 0 0-1.8 0ZM8 6.25v2.9M8 11.2v.01';
export const check = 'm3.5 8.5 3 3 6-7';
export const chevronRight = 'M6.25 4.5 9.75 8l-3.5 3.5';
export const close = 'm4.25 4.25 7.5 7.5m0-7.5-7.5 7.5';
