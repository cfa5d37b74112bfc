// What the server answers when the panel asks for what no book says.
import { DAY, MINUTE } from '../../../shared/time.ts';
import { at } from './moment.ts';

export const SERVER = {
  'GET /plans': {
    items: [
      {
        plan: 'standard',
        title: 'Standard',
        cycle: 'daily',
        allowance: '0.05',
        monthly_credits: null,
        discount_percent: 0,
        features: [],
      },
      {
        plan: 'professional',
        title: 'Professional',
        cycle: 'daily',
        allowance: '0.5',
        monthly_credits: '15',
        discount_percent: 0,
        features: [],
      },
      {
        plan: 'developer',
        title: 'Developer',
        cycle: '8h',
        allowance: '1.666666',
        monthly_credits: '150',
        discount_percent: 10,
        features: [],
      },
    ],
  },
  'GET /sessions': {
    items: [
      {
        id: 's1',
        device_name: 'Chrome on Linux',
        created_at: at(-9 * DAY),
        last_seen_at: at(-MINUTE),
        current: true,
      },
      {
        id: 's2',
        device_name: 'Edge on Windows',
        created_at: at(-40 * DAY),
        last_seen_at: at(-2 * DAY),
        current: false,
      },
    ],
  },
};
