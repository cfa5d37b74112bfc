// How the side panel reads the history behind the book, page by page, each entry checked and proved.
import * as z from 'zod/mini';
import { ChainedEntry } from '../../shared/proof.ts';
import { type HistoryPage, type PageAnswer, send } from './messages.ts';

/**
 * Page k: entries n from 500k+1 to 500k+500, oldest first; beyond the end it is empty. Sealed pages come from this
 * device once they were read. @throws Error when the background does not answer, or answers what is no page
 */
export async function readHistoryPage(k: number): Promise<PageAnswer> {
  const answer = await send('page', k);
  if (!answer.ok) return answer;
  const page: HistoryPage = { ...answer.page, entries: z.parse(z.array(ChainedEntry), answer.page.entries) };
  return { ok: true, page };
}
