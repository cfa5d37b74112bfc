// Gallery: lists of any length.
import { useCallback, useRef, useState } from 'preact/hooks';
import { RowStep, Table } from '../../ui/table.tsx';
import { Sample } from './sample.tsx';

const ROW_HEIGHT = 30;
const rowHeight = () => ROW_HEIGHT;
const keyOf = (index: number) => index;

export function Lists() {
  const scroller = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const row = useCallback(
    (index: number, tabIndex: 0 | -1) => ({
      class: 'row num',
      cells: (
        <span role="gridcell">
          <RowStep tabIndex={tabIndex}>Row {index + 1}</RowStep>
        </span>
      ),
    }),
    [],
  );
  return (
    <Sample title={opened === null ? '10,000 rows' : `10,000 rows, the last opened is ${opened + 1}`}>
      <div class="window" ref={scroller}>
        <Table
          label="Numbers"
          head={<span role="columnheader">Number</span>}
          headClass="row w5 head"
          count={10_000}
          sizeOf={rowHeight}
          keyOf={keyOf}
          scroller={scroller}
          row={row}
          onOpen={setOpened}
        />
      </div>
    </Sample>
  );
}
