// Gallery: lists of any length.
import { useRef } from 'preact/hooks';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { Sample } from './sample.tsx';

export function Lists() {
  const scroller = useRef<HTMLDivElement>(null);
  return (
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
  );
}
