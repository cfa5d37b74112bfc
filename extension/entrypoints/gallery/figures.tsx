// Gallery: what shows how much.
import { Bars } from '../../ui/bars.tsx';
import { Countdown } from '../../ui/countdown.tsx';
import { Meter, Swatch } from '../../ui/meter.tsx';
import { Avatar, Name } from '../../ui/name.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Ring } from '../../ui/ring.tsx';
import { Columns, Lines } from '../../ui/columns.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { Status } from '../../ui/status.tsx';
import { Sample } from './sample.tsx';

const STATUSES = [
  'running',
  'termination requested',
  'deploying',
  'deployment requested',
  'unpaid',
  'completed',
  'terminated',
  'destroyed',
  'failed',
  'hibernating (unknown)',
];
const FALLING = [120, 117, 113, 110, 104, 101, 96, 150, 141, 133, 121, 106.4].map((value, at) => ({
  at,
  value,
}));
const CROSSING = FALLING.map(({ at }) => ({ at, value: 20 - at * 2.1 }));
const WEEK = [
  [12, 8, 4],
  [15, 10, 5],
  [16, 9, 6],
  [14, 9, 4],
  [11, 7, 4],
  [15, 10, 5],
  [11, 3, 5],
];

export function Figures() {
  return (
    <>
      <Sample title="Status: shape, colour and word">
        <div class="two s t2">
          {STATUSES.map((status) => (
            <Status key={status} status={status} word={status} />
          ))}
        </div>
      </Sample>
      <Sample title="Pills, names">
        <div class="line">
          <Pill>Pending</Pill>
          <Pill tone="accent">Current</Pill>
          <Pill tone="pos">Paid</Pill>
          <Pill tone="warn">In review</Pill>
          <Pill tone="bad">Overdrawn</Pill>
        </div>
        <div class="line">
          <Avatar name="Mara Lindqvist" />
          <div style={{ width: '240px' }}>
            <Name>GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303</Name>
          </div>
        </div>
      </Sample>
      <Sample title="Meter">
        <div class="stack">
          {[[0], [27, 13, 6], [60, 24], [100], [112]].map((parts) => (
            <Meter
              key={parts.join()}
              label={`Used ${parts.join(' and ')}`}
              parts={parts}
              pace={54}
              paceTitle="54% of the time has passed"
            />
          ))}
        </div>
      </Sample>
      <Sample title="Ring">
        <div class="line">
          {[[27, 13, 6], [84], [112]].map((parts) => (
            <Ring
              key={parts.join()}
              label={`Used ${parts.join(' and ')}`}
              text={`${parts.reduce((a, b) => a + b)}%`}
              parts={parts}
              pace={54}
            />
          ))}
        </div>
      </Sample>
      <Sample title="Sparkline: live, low, below zero, offline, no data yet">
        <div class="line">
          <Sparkline label="live" width={124} height={44} points={FALLING} />
          <Sparkline label="low" width={124} height={44} points={FALLING} tone="warn" />
          <Sparkline label="below zero" width={124} height={44} points={CROSSING} tone="bad" />
          <Sparkline label="offline" width={124} height={44} points={FALLING} stale />
          <Sparkline label="no data yet" width={124} height={44} points={[]} />
        </div>
        <Sparkline
          label="wide"
          width={368}
          height={72}
          points={FALLING}
          notes={[{ index: 7, text: '+$50.00' }]}
        />
      </Sample>
      <Sample title="Bars">
        <Bars
          label="Spend per day"
          figure={(value) => `$${value}`}
          bars={WEEK.map((parts, at) => ({ label: at === 6 ? 'Today' : `D${at + 1}`, parts, now: at === 6 }))}
        />
        <div class="line s t2">
          {['Containers', 'Ray clusters', 'Inference', 'Other'].map((word, index) => (
            <span key={word} class="line" style={{ margin: '0' }}>
              <Swatch index={index} />
              {word}
            </span>
          ))}
        </div>
      </Sample>
      <Sample title="Columns, lines, countdowns">
        <Columns
          items={[
            { label: 'Available', value: '$94.30' },
            { label: 'Held', value: '$12.10' },
            { label: 'Withdrawable', value: '$64.30' },
          ]}
        />
        <Lines
          lines={[
            { label: 'Available', value: '$94.30' },
            { label: 'Held at checkout', value: '$12.10' },
            { label: 'Total IO Credits', value: '$106.40', kind: 'sum' },
            { label: 'Of which you can withdraw', value: '$64.30', kind: 'small' },
          ]}
        />
        <p>
          <Countdown until={Date.now() + 252_000} offset={0} language="en" />,{' '}
          <Countdown until={Date.now() + 39_480_000} offset={0} language="de" />
        </p>
      </Sample>
    </>
  );
}
