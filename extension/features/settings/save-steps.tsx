// The end of a form of the settings: Save and Discard once something is changed, what became of it under them.
import type { IntentKind } from '../../../shared/intents.ts';
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toast.tsx';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal } from '../panel/refusal.tsx';
import type { Change } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import css from './settings.module.css';

interface Props<Kind extends IntentKind> {
  change: Change<Kind>;
  isChanged: boolean;
  /** What is typed cannot be saved, and its field says why. */
  isWrong: boolean;
  /** Said once it is saved. */
  saved: string;
  /** Forgets what is typed. */
  onDiscard: () => void;
  part: string;
}

export function SaveSteps<Kind extends IntentKind>(props: Props<Kind>) {
  const { change, isChanged, isWrong, saved, onDiscard, part } = props;
  const { t } = usePanel().locale;
  const isSettled = change.state === 'settled';
  useEffect(() => {
    if (!isSettled) return;
    onDiscard();
    change.reset();
    toast(saved);
  }, [isSettled]);
  return (
    <>
      {(isChanged || change.busy) && (
        <div class={css.step}>
          <Button
            type="submit"
            part={part}
            kind="primary"
            disabled={isWrong}
            waiting={change.busy}
            waitingLabel={t('form.saving')}
          >
            {t('action.save')}
          </Button>
          {!change.busy && <Button onClick={onDiscard}>{t('action.discard')}</Button>}
        </div>
      )}
      <WaitingNote state={change.state} />
      <ChangeRefusal change={change} />
    </>
  );
}
