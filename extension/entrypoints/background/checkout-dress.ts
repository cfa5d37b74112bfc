// What the checkout's badge needs to be drawn, read from the package: its style sheet, and its texts in one language.
import type { Language } from '../../locales/text.ts';
import type { CheckoutDress } from '../../checkout/words.ts';

const OURS = 'checkout_';

export async function readDress(language: Language): Promise<CheckoutDress> {
  const [sheet, messages] = await Promise.all([
    fetch('/checkout.css'),
    fetch(`/_locales/${language}/messages.json`),
  ]);
  // Our own file, as the build packed it.
  const all = (await messages.json()) as Record<string, { message: string }>;
  const texts = Object.entries(all).flatMap(([key, { message }]) =>
    key.startsWith(OURS) ? [[key, message]] : [],
  );
  return { css: await sheet.text(), language, texts: Object.fromEntries(texts) };
}
