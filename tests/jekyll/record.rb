# SPDX-License-Identifier: GPL-2.0-or-later
# A Jekyll plugin that records how Jekyll publishes a site. After reading and rendering, it writes a line
# for each Markdown file to $SIGNPOST_RECORD (its URL, title and so on) and to $SIGNPOST_RECORD_IDS (the
# ids of its headings), and to $SIGNPOST_RECORD_LAST a line for each file of the site that Jekyll makes of
# several Markdown files: the URL and the path of the one that it writes last. It does not change the site.

def field(value)
  value.to_s.gsub("\\", "\\\\\\\\").gsub("\t", "\\t").gsub("\n", "\\n").gsub("|", "\\p")
end

def list(values)
  Array(values).compact.map { |value| field(value) }.join("|")
end

# Escapes what Jekyll leaves unescaped in URLs: only printable ASCII characters that a link may contain
# stay as they are.
def link(url)
  url.b.gsub(/[^!-~]|["<>\\^`{|}]/n) { |byte| format("%%%02X", byte.ord) }
end

# A document without a date gets the time of the build from Jekyll; it is recorded without a date.
def date_of(item)
  date = item.data["date"]
  return ["", ""] unless date
  date = Time.parse(date.to_s).localtime
  return ["", ""] if date.to_i == item.site.time.to_i
  [date.strftime("%Y-%m-%d"), date.to_i.to_s]
end

def own_title(item)
  title = item.data["title"]
  title.nil? || title == false ? "" : title
end

def line_of(item)
  base = item.site.baseurl.to_s.chomp("/")
  base = "/#{base}" unless base.empty? || base.start_with?("/")
  path = item.is_a?(Jekyll::Document) ? item.path.delete_prefix("#{item.site.source}/") : item.relative_path
  categories = item.is_a?(Jekyll::Document) ? item.data["categories"] : []
  tags = item.is_a?(Jekyll::Document) ? item.data["tags"] : []
  [field(path), link(base + item.url), field(own_title(item)), *date_of(item),
   list(categories), list(tags)].join("\t")
end

def ids_of(item)
  item.content.scan(/<h[1-6]((?:\s[^>]*)?)>/).map do |(attributes)|
    attributes[/\sid=(["'])(.*?)\1/, 2] || "!"
  end
end

def markdown_items(site, items)
  markdown = site.find_converter_instance(Jekyll::Converters::Markdown)
  items.grep_v(Jekyll::StaticFile).select { |item| markdown.matches(item.extname) }
end

# The last items, in Jekyll's order of writing, of each destination that has several.
def last_of(site)
  written = []
  site.each_site_file { |item| written << item }
  groups = markdown_items(site, written).group_by { |item| item.destination(site.dest) }
  groups.values.select { |items| items.length > 1 }.map(&:last)
end

Jekyll::Hooks.register :site, :post_render do |site|
  items = markdown_items(site, site.pages + site.docs_to_write).sort_by { |item| line_of(item).b }
  File.write(ENV["SIGNPOST_RECORD"], items.map { |item| "#{line_of(item)}\n" }.join)
  ids = items.map { |item| "#{link(item.url)}\t#{ids_of(item).join(" ")}\t#{line_of(item)[/\A[^\t]*/]}\n" }
  File.write(ENV["SIGNPOST_RECORD_IDS"], ids.join)
  last = last_of(site).map { |item| line_of(item)[/\A([^\t]*\t[^\t]*)/] + "\n" }
  File.write(ENV["SIGNPOST_RECORD_LAST"], last.sort_by(&:b).join)
end
