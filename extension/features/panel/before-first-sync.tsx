// Where the number will stand, before this device was ever told one: the only skeleton there is.
import { Skeleton } from '../../ui/skeleton.tsx';
import { usePanel } from './panel-context.ts';
import css from './panel.module.css';

export function BeforeFirstSync({ tab }: { tab: 'overview' | 'billing' }) {
  const { t } = usePanel().locale;
  return (
    <section class={css.block}>
      <h1 class="vh">{t(`tab.${tab}`)}</h1>
      <div class={css.label}>{t('balance.label')}</div>
      <div class={css.number}>
        <Skeleton width={168} height={36} />
      </div>
      <p class="vh" role="status">
        {t('balance.waiting')}
      </p>
    </section>
  );
}
