// What an entry is about, in words: the cluster's name, the model, the service; else its reference.
import type { Entry } from '../../../shared/account.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import type { PanelLocale } from '../../locales/panel.ts';
import { modelName, shortId } from '../../ui/names.ts';
import { serviceWord } from '../panel/words.ts';

export function subjectOf(entry: Entry, clusters: readonly Cluster[], locale: PanelLocale): string {
  const { ref, service } = entry;
  const cluster = ref === undefined ? undefined : clusters.find(({ id }) => id === ref);
  if (cluster) return cluster.name;
  if (service === 'inference' && ref !== undefined) return modelName(ref);
  // What adds credits has no other subject than its own id, which its detail shows.
  if (service === 'credits') return '';
  return ref === undefined ? serviceWord(service, locale) : `${serviceWord(service, locale)} ${shortId(ref)}`;
}
