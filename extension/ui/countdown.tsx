// What is left until an instant, ticking by itself: "4:12", "10 h 58 min". A class, since the popup's first paint has no
// room for hooks.
import { Component } from 'preact';
import type { Ms } from '../../shared/time.ts';
import { countdownStep, formatCountdown } from './durations.ts';

interface Props {
  /** The instant, of the server's clock. */
  until: Ms;
  /** Server clock minus this device's, ms. */
  offset: Ms;
  language: string;
  /** The sentence around it. */
  children?: (left: string) => string;
}

export class Countdown extends Component<Props, { now: Ms }> {
  override state = { now: Date.now() };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** On the step's own beat, so that neighbours tick together; never while nobody sees it. */
  #arm = (): void => {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const step = countdownStep(this.#left(Date.now()));
    this.#timer = setTimeout(this.#tick, step - (Date.now() % step));
  };

  #tick = (): void => {
    this.setState({ now: Date.now() });
    this.#arm();
  };

  #left(now: Ms): Ms {
    return this.props.until - this.props.offset - now;
  }

  override componentDidMount(): void {
    this.#arm();
    document.addEventListener('visibilitychange', this.#tick);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#tick);
  }

  override render({ language, children = (left) => left }: Props) {
    const left = formatCountdown(this.#left(this.state.now), language);
    // Only the figure: in a name, tabular hyphens would spread.
    const [before, after = ''] = children(left).split(left);
    return (
      <>
        {before}
        <span class="num">{left}</span>
        {after}
      </>
    );
  }
}
