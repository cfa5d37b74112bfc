// The toolbar button, in full sentences, in German.
import type { ToolbarKey } from '../en/toolbar.ts';

export const toolbar: Record<ToolbarKey, string> = {
  'toolbar.first_run': 'IO Glance: nicht verbunden',
  'toolbar.waiting': 'IO Glance: die ersten Zahlen kommen gleich',
  'toolbar.updated': 'IO Glance: {amount} in IO Credits, Stand {time}',
  'toolbar.below_zero': 'IO Glance: {amount} in IO Credits, unter null, Stand {time}',
  'toolbar.offline': 'IO Glance: {amount} in IO Credits, offline, Stand {time}',
  'toolbar.signed_out': 'IO Glance: {amount} in IO Credits, Stand {time}, neu anmelden',
};
