// What a proposal is called in a list: "Request withdrawal", "End vllm-prod-eu".
import type { Cluster } from '../../../shared/clusters.ts';
import { isPanelKey, type PanelLocale } from '../../locales/panel.ts';
import type { SnapshotPending } from '../../view/snapshot.ts';

export function kindWord(
  { kind, subject }: SnapshotPending,
  clusters: readonly Cluster[],
  { t }: PanelLocale,
): string {
  // More hours say how many only in the proposal itself: here its name is enough.
  const key = kind === 'deployment.extend' ? 'pending.extend_name' : `pending.${kind}`;
  const name = clusters.find(({ id }) => id === subject)?.name ?? t('pending.cluster');
  return isPanelKey(key) ? t(key, { name }) : t('pending.other');
}
