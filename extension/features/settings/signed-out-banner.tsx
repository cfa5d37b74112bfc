// Says what a sign-out by the server means, and the one step that ends it.
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { formatMoment } from '../../ui/time.ts';
import type { Snapshot } from '../../view/snapshot.ts';

interface Props {
  snapshot: Snapshot;
  now: number;
  language: Language;
  openSettings: () => void;
}

export function SignedOutBanner({ snapshot, now, language, openSettings }: Props) {
  const { t } = momentsLocale(language);
  const at = snapshot.confirmed_at;
  const time = at === null ? null : formatMoment(at, now, { language, timezone: snapshot.account.timezone });
  return (
    <Banner
      title={t('signed_out.title')}
      text={time === null ? t('signed_out.text_empty') : t('signed_out.text', { time })}
    >
      <Button kind="primary" small onClick={openSettings}>
        {t('signed_out.button')}
      </Button>
    </Banner>
  );
}
