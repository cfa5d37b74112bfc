// Icons beyond those of icons.ts: for the side panel and the settings.

export const arrowDown = 'M8 3v10M4.25 9.25 8 13l3.75-3.75';
export const arrowUp = 'M8 13V3M4.25 6.75 8 3l3.75 3.75';
export const arrowOut = 'M4.5 11.5 11.5 4.5M5.75 4.5h5.75v5.75';
export const bolt = 'M8.75 1.75 3.25 9h4l-.5 5.25L12.75 7h-4z';
export const card =
  'M3.5 3.25h9a1.75 1.75 0 0 1 1.75 1.75v6a1.75 1.75 0 0 1-1.75 1.75h-9A1.75 1.75 0 0 1 1.75 11V5A1.75 1.75 0 0 1 3.5 3.25ZM1.75 6.5h12.5M4.5 10h2';
export const chevronLeft = 'M9.75 4.5 6.25 8l3.5 3.5';
export const clock = 'M8 2.25a5.75 5.75 0 1 1 0 11.5 5.75 5.75 0 0 1 0-11.5ZM8 5v3.25l2.25 1.5';
export const copy =
  'M6.75 5.25h5a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-5a1.5 1.5 0 0 1-1.5-1.5v-5a1.5 1.5 0 0 1 1.5-1.5ZM3.5 10.5a.75.75 0 0 1-.75-.75V4.25a1.5 1.5 0 0 1 1.5-1.5h5.5a.75.75 0 0 1 .75.75';
export const document =
  'M4.5 1.75h4.75L12.5 5v8a1.25 1.25 0 0 1-1.25 1.25h-6.5A1.25 1.25 0 0 1 3.5 13V2.75a1 1 0 0 1 1-1ZM9 2v3.25h3.25M5.75 8.5h4.5M5.75 11h3';
export const download = 'M8 2.5v7.75M4.5 7 8 10.5 11.5 7M2.75 13.5h10.5';
export const gift =
  'M2.25 5.75h11.5v2.5H2.25ZM3.25 8.25v5h9.5v-5M8 5.75v7.5M8 5.75S7.25 2.5 5.5 2.5a1.6 1.6 0 0 0 0 3.25ZM8 5.75s.75-3.25 2.5-3.25a1.6 1.6 0 0 1 0 3.25Z';
export const more =
  'M3.5 8h.01M8 8h.01M12.5 8h.01M3.5 7.6a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8ZM8 7.6a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8ZM12.5 7.6a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8Z';
export const plus = 'M8 3.25v9.5M3.25 8h9.5';
export const refund = 'M2.75 6h7a3.5 3.5 0 0 1 0 7H6.5M2.75 6l3-3M2.75 6l3 3';
export const search = 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4l3.1 3.1';
export const server =
  'M3.25 2.5h9.5A1.25 1.25 0 0 1 14 3.75V6a1.25 1.25 0 0 1-1.25 1.25h-9.5A1.25 1.25 0 0 1 2 6V3.75A1.25 1.25 0 0 1 3.25 2.5ZM3.25 8.75h9.5A1.25 1.25 0 0 1 14 10v2.25a1.25 1.25 0 0 1-1.25 1.25h-9.5A1.25 1.25 0 0 1 2 12.25V10a1.25 1.25 0 0 1 1.25-1.25ZM4.75 4.9v.01M4.75 11.1v.01';
