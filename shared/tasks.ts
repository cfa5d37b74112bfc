// Getting Started: tasks that complete themselves from facts.
import * as z from 'zod/mini';
import { maybeInstant } from './fields.ts';

export const TASKS = [
  'first_purchase',
  'first_cluster',
  'first_api_call',
  'wallet_added',
  'terms_accepted',
  'alerts_set',
] as const;
export type TaskId = (typeof TASKS)[number];

/** When each task was done; null for what is still to do. In the order of TASKS. */
export const Tasks = z.array(z.object({ id: z.enum(TASKS), done_at: maybeInstant })).check(z.maxLength(20));
export type Tasks = z.infer<typeof Tasks>;
