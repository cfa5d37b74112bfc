// Whole sections for whoever follows them: each port gets what it named, then what changed of it.
import type { Browser } from 'wxt/browser';
import type { ReplicaView } from '../../replica/replica-view.ts';
import { pendingItem } from './compose-snapshot.ts';

type Port = Pick<Browser.runtime.Port, 'postMessage' | 'onMessage' | 'onDisconnect'>;

/** A page names a few sections; more is no page of ours. */
const MAX_NAMES = 32;

export class SectionPorts {
  /** What each port was told last, as JSON by section. */
  readonly #told = new Map<Port, Map<string, string>>();
  #view: ReplicaView | null = null;

  add(port: Port): void {
    port.onMessage.addListener((names: unknown) => {
      const named = Array.isArray(names) ? names.slice(0, MAX_NAMES).map(String) : [];
      this.#told.set(port, new Map(named.map((name) => [name, ''])));
      this.#tell(port);
    });
    port.onDisconnect.addListener(() => void this.#told.delete(port));
  }

  publish(view: ReplicaView | null): void {
    this.#view = view;
    for (const port of this.#told.keys()) this.#tell(port);
  }

  #tell(port: Port): void {
    const told = this.#told.get(port);
    const changed: Record<string, unknown> = {};
    for (const [name, before] of told ?? []) {
      const value = valueOf(this.#view, name);
      const text = JSON.stringify(value);
      if (text === before) continue;
      told?.set(name, text);
      changed[name] = value;
    }
    if (Object.keys(changed).length > 0) port.postMessage(changed);
  }
}

function valueOf(view: ReplicaView | null, name: string): unknown {
  if (name === 'pending') return view?.pending.map(pendingItem) ?? [];
  if (name === 'recent') return view?.book?.recent() ?? [];
  return view?.book?.section(name) ?? null;
}
