// The Notification Center: a drawer over the panel, days as in transactions; opening a notice marks it as seen.
import type { Notice } from '../../../shared/notices.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { bell } from '../../ui/icons.ts';
import { alert, check } from '../../ui/step-icons.ts';
import { clock, gift } from '../../ui/panel-icons.ts';
import { Empty } from '../../ui/states.tsx';
import { dayOf, formatDay } from '../../ui/days.ts';
import { formatFull, formatTime } from '../../ui/time.ts';
import { propose } from '../../view/propose.ts';
import { usePanel } from '../panel/panel-context.ts';
import { waitingOf } from '../panel/change.ts';
import transactions from '../transactions/transactions.module.css';
import css from './notification-center.module.css';
import { noticePlace, noticeWords } from './notice-words.ts';

const ICONS: Record<Notice['priority'], string> = {
  info: clock,
  error: alert,
  success: check,
  critical: alert,
  promo: gift,
};

export function NotificationCenter() {
  const { sections, ready, locale, place, offset, route, go } = usePanel();
  const { t } = locale;
  const notices = (sections.notices ?? []).toReversed();
  const seeing = new Set(waitingOf(sections.pending ?? [], 'notice.seen').map(({ subject }) => subject));
  const isUnseen = (notice: Notice) => notice.seen_at === null && !seeing.has(notice.id);
  const unseen = notices.filter(isUnseen);
  const close = () => go({ ...route, drawer: null });
  const see = (list: readonly Notice[]) => {
    for (const { id } of list) void propose('notice.seen', { id }).catch(() => {});
  };
  const now = Date.now() + offset;
  const days = Map.groupBy(notices, ({ created_at }) => dayOf(Date.parse(created_at), place));
  return (
    <Drawer
      title={t('header.notifications')}
      closeLabel={t('action.close')}
      onClose={close}
      part="notices"
      actions={
        unseen.length > 0 && (
          <Button small kind="ghost" part="see-all" onClick={() => see(unseen)}>
            {t('notices.see_all')}
          </Button>
        )
      }
    >
      {ready && notices.length === 0 && (
        <Empty icon={bell} title={t('notices.empty')} text={t('notices.empty_text')} />
      )}
      {[...days].map(([day, items]) => (
        <section key={day} aria-label={day}>
          <div class={transactions.day}>
            {formatDay(Date.parse(items[0]?.created_at ?? day), now, place, {
              today: t('time.today'),
              yesterday: t('time.yesterday'),
            })}
          </div>
          <ul>
            {items.map((notice, index) => {
              const { title, text } = noticeWords(notice, now, locale, place);
              const at = Date.parse(notice.created_at);
              const isNew = isUnseen(notice);
              return (
                <li key={notice.id}>
                  <button
                    type="button"
                    class={
                      index === 0
                        ? `${transactions.row} ${transactions.first} ${css.row}`
                        : `${transactions.row} ${css.row}`
                    }
                    data-notice={notice.code}
                    data-new={isNew ? '' : undefined}
                    onClick={() => {
                      if (isNew) see([notice]);
                      go(noticePlace(notice));
                    }}
                  >
                    <span class={css[notice.priority]}>
                      <Icon of={ICONS[notice.priority]} />
                    </span>
                    <span class={transactions.words}>
                      <span class={isNew ? `${css.title} w5` : css.title}>{title}</span>
                      <span class={`${css.text} s t2`}>
                        <time class="num" dateTime={notice.created_at} title={formatFull(at, place)}>
                          {formatTime(at, place)}
                        </time>
                        {text !== '' && <span class="sep" />}
                        {text}
                      </span>
                    </span>
                    {isNew && (
                      <span class={css.dot}>
                        <span class="vh">{t('notices.new')}</span>
                      </span>
                    )}
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </Drawer>
  );
}
