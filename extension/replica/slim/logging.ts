// In place of lib0/logging in the bundle: yjs warns twice in its life, and a worker has no page to draw colours on.

export const [BOLD, ORANGE, RED, UNBOLD] = ['', '', '', ''];
export const print = (...words: unknown[]): void => console.warn(...words);
export const warn = print;
