// Gallery: what speaks to a person.
import { useState } from 'preact/hooks';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Drawer } from '../../ui/dialog.tsx';
import { server } from '../../ui/panel-icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Empty, ErrorState } from '../../ui/states.tsx';
import { toast, ToastRegion } from '../../ui/toast.tsx';
import { Sample } from './sample.tsx';

export function Messages() {
  const [over, setOver] = useState<'dialog' | 'drawer' | null>(null);
  const shut = () => setOver(null);
  return (
    <>
      <Sample title="Banners: only for a decision, one at a time">
        <div class="stack">
          <Banner
            tone="bad"
            title="2 clusters stop in 4:12"
            text="Pay $3.30 by card (3% fee) or $3.20 in USDC."
            drain={84}
          >
            <Button small kind="primary">
              Top up
            </Button>
            <Button small kind="ghost">
              End a cluster
            </Button>
          </Banner>
          <Banner title="Credits run out about 16:40" text="$3.26 available at $1.24/h.">
            <Button small>Top up</Button>
            <Button small kind="ghost">
              Not now
            </Button>
          </Banner>
        </div>
      </Sample>
      <Sample title="Loading: only before the first sync ever">
        <div class="stack">
          <Skeleton width={64} />
          <Skeleton width={168} height={36} />
        </div>
      </Sample>
      <Sample title="Empty, error">
        <Empty
          icon={server}
          title="No clusters yet"
          text="Each cluster stands here with its status, hours and cost."
        >
          <Button small>Deploy Cluster</Button>
        </Empty>
        <ErrorState
          title="Older transactions did not load"
          text="The last 100 are here. The server did not answer at 14:02."
        >
          <Button small>Try again</Button>
        </ErrorState>
      </Sample>
      <Sample title="Over the page">
        <div class="line">
          <Button onClick={() => setOver('dialog')}>Dialog</Button>
          <Button onClick={() => setOver('drawer')}>Drawer</Button>
          <Button onClick={() => toast('Copied $106.40')}>Toast</Button>
        </div>
        {over === 'dialog' && (
          <ConfirmDialog
            title="End vllm-prod-eu now?"
            text="$4.93 come back as IO Credits. It cannot be started again."
            confirm="End now"
            cancel="Keep it"
            danger
            onConfirm={shut}
            onClose={shut}
          />
        )}
        {over === 'drawer' && (
          <Drawer title="Notification Center" closeLabel="Close" onClose={shut}>
            <Empty icon={server} title="Nothing new" text="Refunds, alerts and decisions stand here." />
          </Drawer>
        )}
        <ToastRegion />
      </Sample>
    </>
  );
}
