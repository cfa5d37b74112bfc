// Gallery: what a person presses, types and chooses.
import { useState } from 'preact/hooks';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { RadioRows, Segments, Switch } from '../../ui/choice.tsx';
import { AmountField, Field, SearchField } from '../../ui/field.tsx';
import { bell, panel } from '../../ui/icons.ts';
import { Menu } from '../../ui/menu.tsx';
import { more } from '../../ui/panel-icons.ts';
import { Filter, type Option, Select } from '../../ui/select.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Sample } from './sample.tsx';

const nothing = () => {};
const STATUSES: Option<'any' | 'running'>[] = [{ value: 'running', label: 'Running' }];
const TABS = [
  'Overview',
  'io.cloud',
  'io.intelligence',
  'Usage and Billing',
  'Settings',
  'User Acknowledgment',
].map((label) => ({ id: label, label }));

export function Controls() {
  const [text, setText] = useState('');
  const [status, setStatus] = useState<'any' | 'running'>('running');
  const [method, setMethod] = useState<'usdc' | 'card'>('usdc');
  const [period, setPeriod] = useState<'day' | 'week'>('week');
  const [on, setOn] = useState(true);
  const [tab, setTab] = useState('Overview');
  return (
    <>
      <Sample title="Buttons">
        <div class="line">
          <Button kind="primary">Purchase</Button>
          <Button>Secondary</Button>
          <Button kind="ghost">Ghost</Button>
          <Button kind="danger">End now</Button>
          <Button kind="dangerFilled">End now</Button>
        </div>
        <div class="line">
          <Button disabled>Disabled</Button>
          <Button kind="primary" waiting waitingLabel="Requesting">
            Request
          </Button>
          <Button small kind="primary">
            Top up
          </Button>
          <Button small>Extend</Button>
          <Link>View all</Link>
        </div>
        <div class="line">
          <IconButton of={bell} label="Notification Center, 2 unread" count={2} onClick={nothing} />
          <IconButton of={bell} label="Notification Center, 12 unread" count={12} onClick={nothing} />
          <IconButton of={panel} label="Open side panel" onClick={nothing} />
          <Menu label="More" icon={more} items={TABS.slice(3)} onSelect={nothing} />
        </div>
      </Sample>
      <Sample title="Tabs">
        <Tabs
          label="IO ID"
          moreLabel="More tabs"
          tabs={TABS}
          active={tab}
          hrefOf={(id) => `#${id}`}
          onSelect={setTab}
        />
      </Sample>
      <Sample title="Fields">
        <div class="line">
          <SearchField label="Search clusters" value={text} onInput={setText} shortcut="/" />
          <Filter name="idle" label="Type" idle="any" options={STATUSES} value="any" onSelect={nothing} />
          <Filter
            name="status"
            label="Status"
            idle="any"
            options={STATUSES}
            value={status}
            onSelect={setStatus}
          />
        </div>
        <div class="stack">
          <AmountField name="amount" label="Amount" prefix="$" value="50.00" />
          <div class="two">
            <Field
              name="name"
              label="Full name"
              hint="As your invoices say it"
              defaultValue="Mara Lindqvist"
            />
            <Field
              name="wallet"
              label="Wallet address"
              mono
              defaultValue="7xKXtg2CW87d97TXJSDp"
              error="12 characters missing"
            />
            <Select
              name="zone"
              label="Timezone"
              options={[{ value: 'UTC', label: 'UTC' }]}
              value="UTC"
              onSelect={nothing}
            />
          </div>
        </div>
      </Sample>
      <Sample title="Choices">
        <RadioRows
          name="method"
          legend="Pay with"
          value={method}
          onSelect={setMethod}
          rows={[
            { value: 'usdc', label: 'USDC', note: 'no fee', figure: '$50.00' },
            {
              value: 'card',
              label: 'Credit or debit card',
              note: '3% payment provider fee',
              figure: '$51.50',
            },
          ]}
        />
        <Switch name="low" label="Low balance" note="Under $10.00" checked={on} onChange={setOn} />
        <Switch name="off" label="Plan almost used" checked={false} onChange={nothing} />
        <Segments
          label="Period"
          value={period}
          onSelect={setPeriod}
          options={[
            { value: 'day', label: 'Day' },
            { value: 'week', label: 'Week' },
          ]}
        />
      </Sample>
    </>
  );
}
