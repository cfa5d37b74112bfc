// The one set of icons: 16 px grid, stroke 1.5, round caps, in the colour of the text around them.

const PATHS = {
  offline:
    'm2.25 2.25 11.5 11.5M5.1 5.2A4 4 0 0 0 5 13.1h6.2M13.6 12a2.9 2.9 0 0 0-1.85-5.15h-.5A4.5 4.5 0 0 0 7.4 4.3',
  chevron: 'M4.5 6.25 8 9.75l3.5-3.5',
  key: 'M9.5 9.75a3.75 3.75 0 1 0-3.2-3.2L2.25 10.6v3.15H5.4v-1.9h1.9v-1.9ZM11.2 4.8h.01',
  alert: 'M8 2.25 14.25 13.25H1.75ZM8 6.5v3M8 11.4v.1',
  check: 'm3.5 8.5 3 3 6-7',
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
