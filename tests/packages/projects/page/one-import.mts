// A bundler's page, which takes everything at once.
import '@bsp/embed';

const provider = document.querySelector('bsp-provider')!;
document.querySelector('bsp-case-list')!.config = {pageSize: 20};
document.querySelector('bsp-journal')!.config = {freeHeading: false};
document.querySelector('bsp-idle')!.ask();
provider.addEventListener('bsp-case-open', ({detail}) => console.log(detail.ref.id));
provider.addEventListener('bsp-subject-open', ({detail}) => provider.setSubject(detail.subject));
