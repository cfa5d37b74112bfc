// Three figures side by side; amounts too long for a third of the panel stand in lines under each other, never cut.
import { Columns, Lines } from '../../ui/columns.tsx';

/** Characters that a third of 320 px has room for. */
const LONGEST = 11;

interface Figure {
  label: string;
  value: string;
  title?: string;
}

export function FiguresRow({ items }: { items: readonly Figure[] }) {
  return items.some(({ value }) => value.length > LONGEST) ? (
    <Lines lines={items} />
  ) : (
    <Columns items={items} />
  );
}
