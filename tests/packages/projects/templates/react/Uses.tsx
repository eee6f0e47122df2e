import type {Case} from '@bsp/contract';
import type {BspProvider} from '@bsp/core';
import {korsbaekBackend} from '@bsp/korsbaek';
import {useRef, useState} from 'react';

const backend = korsbaekBackend();

export function Client() {
  const provider = useRef<BspProvider>(null);
  const [opened, setOpened] = useState<Case>();
  return (
    <bsp-provider ref={provider} backend={backend} strings={{'case-list': {title: 'Mine sager'}}} lang="da" className="kit"
      onbsp-subject-change={(event) => console.log(event.detail.contextId)}>
      <button onClick={() => provider.current?.setSubject({type: 'ref', value: 'a'})}>{opened?.title}</button>
      <bsp-person key="person" theme="dark" headingLevel={3} onbsp-person-open={({detail}) => console.log(detail.subject)} />
      <bsp-case-list config={{pageSize: 20}} density="compact" heading-level="3" slot="windows"
        onbsp-case-open={(event) => setOpened(event.detail.case)} />
    </bsp-provider>
  );
}
