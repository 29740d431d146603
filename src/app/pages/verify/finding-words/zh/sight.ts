/** What a signed revision holds beyond what is seen. */
export default {
  'pdf-content': '页面内容的写法有误',
  'pdf-field-differs': '表单域[ {field} ]显示的文字与它的值不同',
  'pdf-hidden-annotation': '页面有画好却被隐藏的批注',
  'pdf-hidden-covered': '页面上有内容被后画的东西盖住[（{count} 处）]',
  'pdf-hidden-outside': '有内容画在页面可见范围之外[（{count} 处）]',
  'pdf-hidden-traceless': '页面有看不见的文字[（{count} 处）]',
  'pdf-hidden-white': '页面有白底白字[（{count} 处）]',
  'pdf-links': '文件中有指向网址的链接[（{count} 个）]',
  'pdf-overlay-text': '后来的批注或签名图案盖住了已签名页面上的文字',
  'pdf-recognised-text': '扫描页面背后有识别出的文字',
  'pdf-sight-incomplete': '文件过大或写法特殊，没有查完隐藏内容',
  'pdf-unreachable-fonts': '文件里存有没有页面使用的字体或图形',
  'pdf-unreachable-pages': '文件里存有不显示的页面',
};
