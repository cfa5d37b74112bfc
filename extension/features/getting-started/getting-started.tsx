// Getting Started: what a new account does next. The tasks complete themselves from facts; none can be ticked off.
import { isMomentsKey, momentsLocale, type MomentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { check, chevronRight } from '../../ui/step-icons.ts';
import { Section } from '../../ui/section.tsx';
import type { Snapshot } from '../../view/snapshot.ts';
import css from './getting-started.module.css';

/** What an account that has done nothing is asked to do, where its server says no tasks. */
const FIRST = ['first_purchase', 'first_cluster', 'first_api_call'];

/** Where each task is done, in the side panel. */
const TASK_PLACES: Record<string, string> = {
  first_purchase: '#billing/purchase',
  first_api_call: '#intelligence',
  wallet_added: '#settings/wallets',
  terms_accepted: '#terms',
  alerts_set: '#settings/alerts',
};

interface Props {
  snapshot: Snapshot;
  /** How many open tasks have room. */
  room: number;
  language: Language;
  /** Opens the side panel at a place. */
  open: (place: string) => void;
  deploy: () => void;
}

export function GettingStarted({ snapshot, room, language, open: openPanel, deploy }: Props) {
  const { t } = momentsLocale(language);
  const { tasks_open, tasks_done } = snapshot;
  const todo = (tasks_open.length === 0 ? FIRST : tasks_open).filter((id) => isMomentsKey(`tasks.${id}`));
  // To be connected is the first of them.
  const done = tasks_done + 1;
  return (
    <Section
      title={t('tasks.title')}
      part="tasks"
      aside={
        <span class="s t2 num">
          {t('tasks.done', { done: String(done), all: String(done + todo.length) })}
        </span>
      }
    >
      <ul class={css.rows}>
        <li>
          <div class={css.task}>
            <span class={`${css.tick} ${css.done}`}>
              <Icon of={check} size={12} />
            </span>
            <span class="t2">{t('tasks.connect')}</span>
          </div>
        </li>
        {todo.slice(0, room).map((id) => (
          <li key={id}>
            <button
              type="button"
              class={css.task}
              onClick={() => (id === 'first_cluster' ? deploy() : openPanel(TASK_PLACES[id] ?? ''))}
              data-part={`task-${id}`}
            >
              <span class={css.tick} />
              <span>
                <b>{words(`tasks.${id}`, t)}</b>
                <small>{words(`tasks.${id}.hint`, t)}</small>
              </span>
              <Icon of={chevronRight} />
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const words = (key: string, t: MomentsLocale['t']) => (isMomentsKey(key) ? t(key) : '');
