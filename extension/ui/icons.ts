// The icons of every first paint, as path data on a grid of 16; others stand in step-icons.ts and panel-icons.ts, so that
// the popup does not carry them.

export const bell =
  'M4 6.75a4 4 0 0 1 8 0c0 3.25 1.5 4.25 1.5 4.25h-11S4 10 4 6.75ZM6.75 13.5a1.5 1.5 0 0 0 2.5 0';
export const chevronDown = 'M4.5 6.25 8 9.75l3.5-3.5';
export const key = 'M9.5 9.75a3.75 3.75 0 1 0-3.2-3.2L2.25 10.6v3.15H5.4v-1.9h1.9v-1.9ZM11.2 4.8h.01';
export const offline =
  'm2.25 2.25 11.5 11.5M5.1 5.2A4 4 0 0 0 5 13.1h6.2M13.6 12a2.9 2.9 0 0 0-1.85-5.15h-.5A4.5 4.5 0 0 0 7.4 4.3';
export const panel =
  'M4 2.75h8a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2ZM9.75 2.75v10.5';
