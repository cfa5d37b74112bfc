// Says that a change waits on this device until the server can be reached; nothing is lost meanwhile.
import { Icon } from '../../ui/icon.tsx';
import { clock } from '../../ui/panel-icons.ts';
import type { ChangeState } from './use-change.ts';
import { usePanel } from './panel-context.ts';
import css from './panel.module.css';

export function WaitingNote({ state }: { state: ChangeState }) {
  const { locale, snapshot } = usePanel();
  const shown = state === 'waiting' && snapshot.connection !== 'live';
  return (
    <p class={shown ? css.waiting : 'vh'} role="status" data-part="waiting-note">
      {shown && <Icon of={clock} size={14} />}
      {shown && <span>{locale.t('pending.waiting_note')}</span>}
    </p>
  );
}
