// Gallery: lists of any length.
import { useRef, useState } from 'preact/hooks';
import { type Sort, Table } from '../../ui/table.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { Sample } from './sample.tsx';

type Key = 'name' | 'hours';
interface Row {
  name: string;
  hours: number;
}
const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ name: `cluster-${index + 1}`, hours: (index * 37) % 1000 }));

export function Lists() {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <>
      <Sample title="Table">
        <Clusters rows={rowsOf(4)} />
      </Sample>
      <Sample title="10,000 rows">
        <div class="window" ref={scroller} tabIndex={0}>
          <VirtualList
            count={10_000}
            sizeOf={() => 30}
            keyOf={(index) => index}
            scroller={scroller}
            label="Numbers"
          >
            {(index) => <div class="row num">Row {index + 1}</div>}
          </VirtualList>
        </div>
      </Sample>
    </>
  );
}

function Clusters({ rows }: { rows: Row[] }) {
  const [sort, setSort] = useState<Sort<Key>>({ by: 'hours', descending: true });
  const sorted = rows.toSorted(
    (a, b) =>
      (sort.by === 'name' ? a.name.localeCompare(b.name) : a.hours - b.hours) * (sort.descending ? -1 : 1),
  );
  return (
    <Table
      label="Clusters"
      columns={[
        { key: 'name', label: 'Name', width: 'minmax(0, 1fr)', cell: (row) => row.name },
        {
          key: 'hours',
          label: 'Hours',
          width: '80px',
          end: true,
          cell: (row) => `${row.hours.toFixed(1)} h`,
        },
      ]}
      rows={sorted}
      keyOf={(row) => row.name}
      sort={sort}
      onSort={setSort}
      onOpen={() => {}}
    />
  );
}
