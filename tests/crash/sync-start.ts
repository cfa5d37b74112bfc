// What the sync soak and the server it starts tell each other.
import * as z from 'zod';

export const Start = z.object({
  dataDir: z.string(),
  port: z.number(),
  secretsKey: z.string(),
  webhookSecret: z.string(),
  seed: z.number(),
  /** Of a hundred fresh settlements of proposals, so many end the process. */
  killPercent: z.number(),
  /** Makes the account, with credits to spend. */
  isFirst: z.boolean(),
});
export type Start = z.infer<typeof Start>;

/** What the process tells when it listens; the account only the first time. */
export const Ready = z.object({ account: z.string().nullable(), apiKey: z.string().nullable() });
