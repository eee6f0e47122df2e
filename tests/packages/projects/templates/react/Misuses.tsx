export const misuses = [
  <bsp-case-list density="tight" />,
  <bsp-case-list config={{pageSizes: 20}} />,
  <bsp-case-list headinglevel={3} />,
  <bsp-case-list state="ready" />,
  <bsp-case-list onbsp-case-open={(event) => console.log(event.detail.title)} />,
  <bsp-case-list onbsp-case-open="open()" />,
  <bsp-provider backend={5} />,
  <bsp-cases />,
];
