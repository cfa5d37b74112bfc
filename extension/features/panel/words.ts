// Words that come from the server, in the reader's language; what no text knows stays as it came.
import { CLUSTER_TYPES } from '../../../shared/clusters.ts';
import { isPanelKey, type PanelLocale } from '../../locales/panel.ts';

function known(key: string, { t }: PanelLocale): string | null {
  return isPanelKey(key) ? t(key) : null;
}

export const typeWord = (type: string, locale: PanelLocale) => known(`type.${type}`, locale) ?? type;
export const serviceWord = (service: string, locale: PanelLocale) =>
  known(`service.${service}`, locale) ?? service;
export const statusWord = (status: string, locale: PanelLocale) =>
  known(`status.${status}`, locale) ?? status;
export const clusterTypeWord = (type: string, locale: PanelLocale) =>
  known(`cluster_type.${type}`, locale) ?? type;
export const methodWord = (method: string, locale: PanelLocale) =>
  known(`method.${method}`, locale) ?? method;

/** Types of a request, in the order of a filter. */
export const CLUSTER_TYPE_NAMES: readonly string[] = Object.keys(CLUSTER_TYPES);

/** "1 cluster", "2 clusters": texts under `<key>.one` and `<key>.many`. */
export function counted(key: string, count: number, shown: string, { t }: PanelLocale): string {
  const full = `${key}.${count === 1 ? 'one' : 'many'}`;
  return isPanelKey(full) ? t(full, { count: shown }) : shown;
}
