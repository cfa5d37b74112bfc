// The DOM through its prototypes' own functions: a page can shadow members of `document` and of forms by giving elements
// names like `body` or `querySelector`, and that reaches into every world.

function getterOf<T extends object, K extends keyof T>(prototype: T, name: K): (target: T) => T[K] {
  const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!getter) throw new Error(`No ${String(name)} to read.`);
  return (target) => getter.call(target) as T[K]; // the getter of just that member
}

export const bodyOf = getterOf(Document.prototype, 'body');
export const rootOf = getterOf(Document.prototype, 'documentElement');
const parentElementOf = getterOf(Node.prototype, 'parentElement');
export const parentNodeOf = getterOf(Node.prototype, 'parentNode');
export const textOf = getterOf(Node.prototype, 'textContent');

export const parentOf = (node: Node): Element | null => parentElementOf(node);
export const contains = (a: Node, b: Node): boolean => Node.prototype.contains.call(a, b);
export const closest = (element: Element, selector: string): Element | null =>
  Element.prototype.closest.call(element, selector);
export const boxOf = (element: Element): DOMRect => Element.prototype.getBoundingClientRect.call(element);
export const queryAll = (element: Element, selector: string): NodeListOf<Element> =>
  Element.prototype.querySelectorAll.call(element, selector);
/** What is on top at a place of the viewport, but for one element. */
export function topAt(x: number, y: number, except: Element | null): Element | null {
  const hit = Document.prototype.elementFromPoint.call(document, x, y);
  if (hit === null || hit !== except) return hit;
  return Document.prototype.elementsFromPoint.call(document, x, y).find((each) => each !== except) ?? null;
}
export const createElement = <K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] =>
  Document.prototype.createElement.call(document, name) as HTMLElementTagNameMap[K]; // as its name says

/** Walks the texts below a node in order. */
export const textWalker = (root: Node): TreeWalker =>
  Document.prototype.createTreeWalker.call(document, root, NodeFilter.SHOW_TEXT);

/** Ancestors from an element upwards, itself first. */
export function* upwards(from: Element | null): Generator<Element> {
  for (let element = from; element; element = parentOf(element)) yield element;
}
