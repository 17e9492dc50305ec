// What each `how` of the table remedy comes to: functions that work a row out and add it to the list, or
// leave it out. Whatever they change is judged by the same rules before it is offered.
#pragma once

#include <string>
#include <vector>

#include "answer/remedy_list.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// Works out one row.
using Offer = void (*)(RemedyWork& work, const RemedyRow& row);

// Printed as they stand, or with what is known already: remedy_known.cc.
void OfferPlain(RemedyWork& work, const RemedyRow& row);      ///< template, gpu
void OfferCaptured(RemedyWork& work, const RemedyRow& row);   ///< where a log told it
void OfferGeneral(RemedyWork& work, const RemedyRow& row);    ///< for a text that does not tell enough
void OfferElse(RemedyWork& work, const RemedyRow& row);       ///< where nothing above changes the same
void OfferOtherCard(RemedyWork& work, const RemedyRow& row);  ///< of several cards, by their numbers
void OfferUnnumbered(RemedyWork& work,
                     const RemedyRow& row);  ///< of several cards whose numbers nobody knows
void OfferLastResort(RemedyWork& work, const RemedyRow& row);  ///< where no other card runs it
void OfferElsewhere(RemedyWork& work, const RemedyRow& row);   ///< what was stated runs: where else to look
void OfferCompiler(RemedyWork& work, const RemedyRow& row);
void OfferLibrary(RemedyWork& work, const RemedyRow& row);
void OfferLibraryOfToolkit(RemedyWork& work, const RemedyRow& row);

// Another build: remedy_builds.cc.
void OfferInspect(RemedyWork& work, const RemedyRow& row);  ///< a list of images that is not sure
void OfferOpen(RemedyWork& work, const RemedyRow& row);
void OfferSameBuild(RemedyWork& work, const RemedyRow& row);
void OfferSameVersion(RemedyWork& work, const RemedyRow& row);
void OfferNewest(RemedyWork& work, const RemedyRow& row);
void OfferTwin(RemedyWork& work, const RemedyRow& row);
void OfferPython(RemedyWork& work, const RemedyRow& row);
void OfferOtherOs(RemedyWork& work, const RemedyRow& row);
void OfferCombined(RemedyWork& work, const RemedyRow& row);
void OfferWithoutCompat(RemedyWork& work, const RemedyRow& row);
void OfferBuildWithoutCompat(RemedyWork& work, const RemedyRow& row);

// Packages that go together: remedy_pair.cc.
void OfferPair(RemedyWork& work, const RemedyRow& row);

/// What installs the build. An extension is compiled against one release of its framework, which the default
/// index gives in another build: the framework that goes with it comes first, from its own index, then the
/// extension alone. The list is told what the next remedy installs; `os`: where it is for one system alone.
std::vector<std::string> BuildCommands(RemedyWork& work, const Build& build, const query::Question& changed,
                                       const std::string& os = "");

/// What goes with the build in place of the other packages that do not stay beside it, newest first of each,
/// and what installs all of it: `commands` are those of the build.
std::vector<Build> AddMoved(RemedyWork& work, const Build& build, const query::Question& changed,
                            std::vector<std::string>* commands);

/// Whether it is another of the packages that were asked for together.
bool AsksFor(const RemedyWork& work, const std::string& package);

/// The other packages that were asked for, without companions: those move with their framework.
std::vector<query::Subject> OtherPackages(const RemedyWork& work);

bool PackageIs(store::Store& store, const std::string& package, const std::string& kind);

// Another driver, toolkit, JetPack: remedy_stack.cc.
void OfferDriver(RemedyWork& work, const RemedyRow& row);
void OfferForward(RemedyWork& work, const RemedyRow& row);
void OfferToolkit(RemedyWork& work, const RemedyRow& row);
void OfferCombinedToolkit(RemedyWork& work, const RemedyRow& row);  ///< driver and toolkit
void OfferToolkitAsked(RemedyWork& work, const RemedyRow& row);
void OfferJetPack(RemedyWork& work, const RemedyRow& row);

/// Whether a row for `row_os` is for this system.
bool FitsOs(const std::string& row_os, const std::string& os);

Values ValuesOf(const DriverRange& range);

/// The Pythons that a build is for, and the newest of the flavour that was stated (3.13t) or else the newest
/// plain one; empty where it takes any.
Values PythonsOf(const Build& build, const std::string& stated);

/// Whether the commands of the row are for the system of the build: WSL has the shell of Linux.
bool FitsShell(const RemedyRow& row, const Build& build);

}  // namespace cudacompat::answer
