// A bundler's page, which only registers what it shows.
import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/person/define';

const provider = document.querySelector('bsp-provider')!;
const list = document.querySelector('bsp-case-list')!;
list.config = {pageSize: 20};
list.addEventListener('bsp-case-open', ({detail}) => console.log(detail.ref.id));
provider.addEventListener('bsp-person-open', ({detail}) => provider.setSubject(detail.subject));
