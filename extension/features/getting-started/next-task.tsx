// Getting Started: the next task only, or the whole list for a new account. Tasks complete themselves from facts.
import { TASKS, type TaskId } from '../../../shared/tasks.ts';
import { Link } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { check } from '../../ui/step-icons.ts';
import { Section } from '../../ui/section.tsx';
import { DEPLOY_URL } from '../cloud/deploy-url.ts';
import { usePanel } from '../panel/panel-context.ts';
import { type Route, to } from '../panel/route.ts';
import css from './next-task.module.css';

/** Where each task is done; null for those that are done elsewhere. */
const PLACES: Record<TaskId, Route | null> = {
  first_purchase: to('billing', 'purchase'),
  first_cluster: null,
  first_api_call: to('intelligence'),
  wallet_added: to('settings', 'wallets'),
  terms_accepted: to('terms'),
  alerts_set: to('settings', 'alerts'),
};

/** Nothing once all are done. */
export function NextTask({ all = false }: { all?: boolean }) {
  const { sections, snapshot, ready, locale, go } = usePanel();
  const { t } = locale;
  // The ledger tells the list with its first row; before it, all is still to do.
  const isOpen = (id: TaskId) =>
    ready || snapshot.tasks_open.length === 0 || snapshot.tasks_open.includes(id);
  const tasks = sections.tasks ?? TASKS.map((id) => ({ id, done_at: isOpen(id) ? null : '' }));
  // To be connected is the first of them, as the popup counts.
  const done = tasks.filter(({ done_at }) => done_at !== null).length + 1;
  const open = tasks.filter(({ done_at }) => done_at === null);
  if (open.length === 0) return null;
  const shown = all ? tasks : open.slice(0, 1);
  const [next] = open;
  return (
    <Section
      title={t('tasks.title')}
      part="getting-started"
      aside={
        <span class="s t2 num">{t('tasks.done', { done: String(done), all: String(tasks.length + 1) })}</span>
      }
    >
      <ul class={css.tasks}>
        {all && (
          <li class={css.task}>
            <Tick isDone />
            <Word text={t('tasks.connect')} done={t('tasks.is_done')} />
          </li>
        )}
        {shown.map(({ id, done_at }) => {
          const place = PLACES[id];
          const isDone = done_at !== null;
          const label = t('tasks.start_label', { task: t(`tasks.${id}`) });
          return (
            <li key={id} class={css.task}>
              <Tick isDone={isDone} />
              <Word text={t(`tasks.${id}`)} done={isDone ? t('tasks.is_done') : null} />
              {id === next?.id &&
                (place ? (
                  <Link label={label} onClick={() => go(place)}>
                    {t('tasks.start')}
                  </Link>
                ) : (
                  <Link label={label} href={DEPLOY_URL}>
                    {t('tasks.start')}
                  </Link>
                ))}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const Tick = ({ isDone }: { isDone: boolean }) => (
  <span class={isDone ? `${css.tick} ${css.on}` : css.tick}>{isDone && <Icon of={check} size={12} />}</span>
);

/** `done`: what is read out after it; null while it is to do. */
const Word = ({ text, done }: { text: string; done: string | null }) => (
  <span class={done === null ? `${css.word} w5` : `${css.word} t2`}>
    {text}
    {done !== null && <span class="vh">, {done}</span>}
  </span>
);
