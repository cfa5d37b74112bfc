// What every part of the side panel reads: the snapshot, the sections of the book, texts, place and the way to go.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PanelLocale } from '../../locales/panel.ts';
import type { Ms } from '../../../shared/time.ts';
import type { Place } from '../../ui/time.ts';
import type { SectionName, SectionValues } from '../../view/sections.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import type { Route } from './route.ts';

export interface Panel {
  snapshot: Snapshot;
  /** Empty until the worker has told them once; then each is a value, or null for what the book does not say. */
  sections: SectionValues;
  /** Whether the sections are here, and this device has ever been told anything. */
  ready: boolean;
  locale: PanelLocale;
  place: Place;
  /** Server clock minus this device's, ms. */
  offset: Ms;
  route: Route;
  go(route: Route): void;
}

export const PanelContext = createContext<Panel | null>(null);

export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error('This part stands outside of the side panel.');
  return panel;
}

/** The sections that the panel follows: all of them, since its tabs share most. */
export const PANEL_SECTIONS = [
  'head',
  'answers',
  'credits',
  'recent',
  'purchases',
  'withdrawals',
  'profile',
  'plan',
  'clusters',
  'notices',
  'tasks',
  'alerts',
  'terms',
  'spend',
  'sources',
  'pending',
] as const satisfies readonly SectionName[];
