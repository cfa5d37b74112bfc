// What the tests of real layouts call in a page.
export { describe } from '../../extension/checkout/find-total.ts';
export { readPage } from '../../extension/checkout/read-page.ts';
