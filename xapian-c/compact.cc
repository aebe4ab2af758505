// SPDX-License-Identifier: GPL-2.0-or-later
// Merges several indexes into one.
#include "guard.hh"
#include "place.hh"
#include "sync.hh"

#include <cerrno>
#include <fcntl.h>

using namespace xc;

namespace
{

unsigned
xapian_flags(const xc_compact_options &options)
{
    static const unsigned levels[] = {Xapian::Compactor::FULL, Xapian::Compactor::STANDARD,
                                      Xapian::Compactor::FULLER};
    unsigned level = raw(options.level);
    if (level >= sizeof levels / sizeof *levels)
        refuse(XC_BAD_ARGUMENT, "unknown compaction level %u", level);
    return levels[level] | (options.multipass ? unsigned{Xapian::DBCOMPACT_MULTIPASS} : 0U);
}

// Lets the caller stop libxapian between two tables: libxapian says which table it begins or ends.
class Stopper : public Xapian::Compactor
{
  public:
    explicit Stopper(const xc_compact_options &of) : options(of)
    {
    }

    void set_status(const std::string &, const std::string &) override
    {
        if (options.stop && options.stop(options.context))
            refuse(XC_CANCELLED, "interrupted");
    }

  private:
    const xc_compact_options &options;
};

void
check_destination(const std::string &path)
{
    Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 && errno == ENOENT)
        return;
    if (folder.get() < 0 && errno != ENOTDIR)
        refuse_system("open", path);
    if (folder.get() < 0 || !list_folder(folder.get(), path).empty())
        refuse(XC_BAD_ARGUMENT, "%.150s exists and is not an empty directory", path.c_str());
}

void
merge(const std::vector<Place> &sources, Xapian::Database &all, const std::string &destination,
      unsigned flags, int block_size, Stopper &stopper)
{
    xc_error fault;
    xc_status status = guard(&fault, [&] { all.compact(destination, flags, block_size, stopper); });
    if (!status)
        return;
    for (const Place &source : sources)
        source.name_in(&fault);
    throw Failure{fault};
}

void
compact(const char *const *sources, size_t count, const std::string &destination,
        const xc_compact_options &options)
{
    unsigned flags = xapian_flags(options);
    int block_size = checked_block_size(options.block_size);
    check_destination(destination);
    Xapian::Database all;
    std::vector<Place> places;
    for (size_t i = 0; i < count; i++) {
        need(sources[i], "source");
        places.push_back(Place::find(sources[i]));
        all.add_database(places[i].open());
    }
    Stopper stopper(options);
    merge(places, all, destination, flags, block_size, stopper);
    if (options.no_sync)
        return;
    Directory(destination).sync_with_files();
    sync_parent(destination);
}

} // namespace

xc_status
xc_compact(const char *const *sources, size_t count, const char *destination,
           const xc_compact_options *options, xc_error *err)
{
    return guard(err, [&] {
        need(sources, "sources");
        need(destination, "destination");
        if (count == 0)
            refuse(XC_BAD_ARGUMENT, "no source index given");
        compact(sources, count, destination, options ? *options : xc_compact_options());
    });
}
